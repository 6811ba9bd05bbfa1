// A page of long work asks every two seconds how far it is, until it has ended.
export function jobs() {
  const part = document.querySelector("[data-job][data-open]");
  if (!part) return;
  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.job, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = document.createRange().createContextualFragment(await answer.text()).querySelector("[data-job]");
      if (!fresh) return;
      if (!("open" in fresh.dataset)) { location.reload(); return; }
      part.replaceChildren(...fresh.childNodes);
    } catch { /* the line is down: asked again */ }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1500);
}
