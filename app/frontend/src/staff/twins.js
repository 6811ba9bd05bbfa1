// While a record is typed, what may be the same already is named below the heading. Nothing is refused, nothing saved.
const AFTER = 700;

export function twins(root = document) {
  root.querySelectorAll("form[data-twins]").forEach(watch);
}

function watch(form) {
  const names = new Set(form.dataset.twinsFields.split(" "));
  const place = form.querySelector("[data-twins-said]");
  let timer = 0;
  let last = "";
  form.addEventListener("input", (event) => {
    const name = event.target.name?.replace(/^short-/, "");
    if (!names.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, AFTER);
  });

  async function ask() {
    const body = new URLSearchParams([...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && (name === "csrf_token" || names.has(name.replace(/^short-/, "")))));
    if (form.dataset.twinsBut) body.set("_id", form.dataset.twinsBut);
    const asked = body.toString();
    if (asked === last) return;
    last = asked;
    try {
      const answer = await fetch(form.dataset.twins, { method: "POST", body, credentials: "same-origin" });
      const html = answer.ok && !answer.redirected ? (await answer.text()).trim() : "";
      if (asked !== last) return; // typed on meanwhile
      place.innerHTML = html;
    } catch { last = ""; }
  }
}
