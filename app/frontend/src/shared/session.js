// Five minutes before an idle session or visit ends the page asks; one key keeps it (WCAG 2.2.1).
// Staff extend by POST with their token; a visit by asking for any of its pages.
const WARN = 300; // seconds before the end

export function session() {
  const dialog = document.getElementById("session-dialog");
  const seconds = Number(dialog?.dataset.session);
  if (!seconds) return;
  let timer;
  const wind = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(1, seconds - WARN) * 1000);
  };
  const stay = async () => {
    const { extend, token } = dialog.dataset;
    const how = token ? { method: "POST", headers: { "X-CSRFToken": token } } : {};
    const answer = await fetch(extend, { ...how, credentials: "same-origin" });
    dialog.close();
    if (answer.ok && !answer.redirected) wind();
    else location.reload(); // the login page; entries of a form are asked about by the browser first
  };
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  document.addEventListener("session:used", () => { if (!dialog.open) wind(); });
  wind();
}
