// What is typed into the form of a record goes to the server a few seconds later, as a draft of this person alone.
const AFTER = 3000;
const AGAIN = 15000; // after a failure
const ALONG = 60000; // characters a browser still sends while its page goes away

export function draft(form) {
  const address = form.dataset.draft;
  if (!address) return null;
  const place = form.querySelector("[data-draft-said]");
  let timer = 0;
  let waiting = false; // something is typed that is not kept yet
  let stopped = false;
  let kept = false; // what was typed last is kept
  let asking = null; // an answer that is still to come
  const say = (text) => { if (place) place.textContent = text; };

  async function send(extra = {}) {
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    Object.entries(extra).forEach(([name, value]) => body.set(name, value));
    const answer = await fetch(address, {
      method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
      keepalive: body.toString().length < ALONG,
    });
    const read = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    return { ok: answer.ok && !answer.redirected && read !== null, text: read?.said ?? read?.error?.message };
  }

  async function now() {
    clearTimeout(timer);
    timer = 0;
    await asking;
    if (!waiting || stopped) return kept;
    waiting = false;
    asking = send().then(({ ok, text }) => {
      kept = ok;
      say(text ?? place?.dataset.ended ?? "");
      if (ok) document.dispatchEvent(new Event("session:used"));
    }, () => {
      kept = false;
      waiting = true;
      say(place?.dataset.away ?? "");
      if (!stopped) timer ||= setTimeout(now, AGAIN);
    });
    await asking;
    return kept;
  }

  function later() {
    waiting = true;
    if (!stopped) timer ||= setTimeout(now, AFTER);
  }

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") now(); });

  return {
    now,
    later,
    stop() { stopped = true; waiting = false; clearTimeout(timer); timer = 0; },
    again() { stopped = false; },
    async drop() {
      this.stop();
      await asking;
      try { await send({ _drop: "1" }); } catch { /* it goes by itself after a day */ }
    },
  };
}
