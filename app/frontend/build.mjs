// Builds app/static/dist: style sheets, scripts, icons and one font, each under a name that carries
// its hash, beside a copy compressed once (.gz), `manifest.json` and `THIRD-PARTY.txt`.
//   node build.mjs            (no network: everything comes from node_modules, put there by `npm ci`)
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const modules = join(here, "node_modules");
const targets = ["chrome111", "firefox115", "safari16.4"];
const limits = { "passkey.js": 3, "public.js": 15, "staff.js": 35, "grid.js": 65 }; // kB, gzip -9

const packages = {
  "public.css": ["govuk-frontend"],
  "staff.css": ["@tabler/core", "tom-select"],
  "grid.css": ["tabulator-tables"],
  "staff.js": ["tom-select", "@orchidjs/sifter", "@orchidjs/unicode-variants"],
  "grid.js": ["tabulator-tables"],
  "inter.woff2": ["@fontsource-variable/inter"],
};
const iconPackage = { name: "@tabler/icons", version: "3.51.0", licence: "MIT" }; // drawings copied into src/icons

const built = {};

function put(name, body, extra = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const dot = name.lastIndexOf(".");
  const file = `${name.slice(0, dot)}-${sha256.slice(0, 10)}${name.slice(dot)}`;
  writeFileSync(join(dist, file), bytes);
  const packed = gzipSync(bytes, { level: 9 });
  if (!name.endsWith(".woff2")) writeFileSync(join(dist, `${file}.gz`), packed);
  built[name] = { file, sha256, bytes: bytes.length, gzip: packed.length, packages: packages[name] ?? [], ...extra };
  const limit = limits[name];
  if (limit && packed.length > limit * 1024) {
    throw new Error(`${name}: ${packed.length} bytes compressed, the limit is ${limit} kB`);
  }
}

async function css(name, source) {
  const tokens = readFileSync(join(here, "src", "tokens.css"), "utf8");
  const result = sass.compile(join(here, "src", source), {
    loadPaths: [modules],
    silenceDeprecations: ["import"],
    quietDeps: true,
  });
  const text = name === "grid.css" ? result.css : tokens + result.css;
  const minified = await esbuild.transform(text.replace("\ufeff", "").replaceAll("inter.woff2", built["inter.woff2"].file), {
    loader: "css",
    minify: true,
    target: targets,
    legalComments: "none",
  });
  put(name, minified.code);
}

async function js(name, source) {
  const result = await esbuild.build({
    entryPoints: [join(here, "src", source)],
    bundle: true,
    minify: true,
    format: "esm",
    target: targets,
    legalComments: "none",
    write: false,
  });
  put(name, Buffer.from(result.outputFiles[0].contents));
}

function icons() {
  const folder = join(here, "src", "icons");
  const symbols = readdirSync(folder)
    .filter((file) => file.endsWith(".svg"))
    .sort()
    .map((file) => {
      const inner = readFileSync(join(folder, file), "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      const paths = inner.replace(/<path stroke="none"[^>]*>/, "").replace(/\s*\n\s*/g, "");
      return `<symbol id="${file.slice(0, -4)}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`;
    });
  put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`, { packages: [iconPackage.name] });
}

function described(name) {
  if (name === iconPackage.name) return { ...iconPackage, text: "" };
  const root = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = readdirSync(root).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  return { name, version, licence: license, text: file ? readFileSync(join(root, file), "utf8") : "" };
}

function manifest() {
  const names = [...new Set(Object.values(built).flatMap((entry) => entry.packages))].sort();
  const used = names.map(described);
  const listed = used.map(({ name, version, licence }) => ({ name, version, licence }));
  const aside = join(dist, "manifest.json.new");
  writeFileSync(aside, JSON.stringify({ files: built, packages: listed }, null, 1) + "\n");
  renameSync(aside, join(dist, "manifest.json")); // a page drawn meanwhile finds the old build or the new one
  const texts = used.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.trim()}\n`);
  writeFileSync(join(dist, "THIRD-PARTY.txt"), texts.join(`\n${"-".repeat(78)}\n\n`));
}

function sweep() {
  const kept = new Set(["manifest.json", "THIRD-PARTY.txt"]);
  for (const { file } of Object.values(built)) kept.add(file).add(`${file}.gz`);
  for (const file of readdirSync(dist)) if (!kept.has(file)) rmSync(join(dist, file), { recursive: true, force: true });
}

mkdirSync(dist, { recursive: true });
put("inter.woff2", readFileSync(join(modules, "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")));
put("favicon.svg", readFileSync(join(here, "src", "favicon.svg")));
icons();
await css("public.css", "public/public.scss");
await css("staff.css", "staff/staff.scss");
await css("grid.css", "grid/grid.scss");
await js("public.js", "public/public.js");
await js("passkey.js", "public/passkey.js");
await js("staff.js", "staff/staff.js");
await js("grid.js", "grid/grid.js");
manifest();
sweep();
for (const [name, { gzip, bytes }] of Object.entries(built)) {
  console.log(`${name.padEnd(14)} ${String(bytes).padStart(7)} B ${String(gzip).padStart(7)} B gz`);
}
