// A colour box gets a picker beside it, and says while one chooses whether words in that colour can be read.
// The server judges again, by the same formula (app/domain/colours.py).
const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const luminance = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => sum + weight * channel(rgb[at] / 255), 0);
const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
const tint = (rgb) => rgb.map((value) => Math.round(value + (255 - value) * 0.9));

export const weakest = (hex) => Math.min(contrast(parts(hex), [255, 255, 255]), contrast(parts(hex), tint(parts(hex))));

export function colours() {
  document.querySelectorAll("input[data-colour]").forEach((box) => {
    const said = document.querySelector(`[data-contrast="${CSS.escape(box.id)}"]`);
    const picker = Object.assign(document.createElement("input"), { type: "color", className: "colour-picker" });
    picker.value = getComputedStyle(document.documentElement).getPropertyValue("--sinergi-brand").trim();
    picker.setAttribute("aria-label", box.labels[0]?.textContent ?? "");
    box.after(picker);
    box.closest(".field").classList.add("field--colour");
    const look = () => {
      const hex = /^#?[0-9a-f]{6}$/i.test(box.value.trim()) ? `#${box.value.trim().replace("#", "").toLowerCase()}` : null;
      if (hex) picker.value = hex;
      if (!said) return;
      if (!hex) { said.textContent = ""; delete said.dataset.state; return; }
      const ratio = Math.floor(weakest(hex) * 10) / 10;
      const good = weakest(hex) >= 4.5;
      said.dataset.state = good ? "good" : "bad";
      said.textContent = (good ? said.dataset.good : said.dataset.bad).replace("%(ratio)s", ratio.toLocaleString(document.documentElement.lang));
      said.style.setProperty("--tried", hex);
    };
    picker.addEventListener("input", () => { box.value = picker.value; box.dispatchEvent(new Event("change", { bubbles: true })); look(); });
    box.addEventListener("input", look);
    look();
  });
}
