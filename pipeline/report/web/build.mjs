// Builds ../assets from src: one script with its licence notes, one style sheet. `--check` only compares.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";

const ASSETS = new URL("../assets/", import.meta.url);
const MODULES = new URL("./node_modules/", import.meta.url);

async function bundle(entry, options = {}) {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: new URL(".", import.meta.url).pathname,
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    ...options,
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

// The licences (MIT, ISC) ask that their text travels with each copy, and the page is a copy.
async function notices(inputs) {
  const packages = new Set(inputs.map((i) => i.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const parts = [];
  for (const name of [...packages].sort()) {
    const folder = new URL(`${name}/`, MODULES);
    const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
    const file = (await readdir(folder)).find((f) => /^licen[cs]e/i.test(f));
    parts.push(`${name} ${version} (${license})\n\n${(await readFile(new URL(file, folder), "utf8")).trim()}`);
  }
  return parts.join("\n\n----\n\n").replaceAll("*/", "* /");
}

const script = await bundle("src/main.jsx");
const licences = await notices(script.inputs);
const outputs = {
  "report.js": `/*! This script contains:\n\n${licences}\n*/\n${script.text}`,
  "early.js": (await bundle("src/early.js")).text,
  "report.css": (await bundle("src/report.css")).text,
  "LICENSES.txt": `Libraries inside report.js, each under its own licence.\n\n${licences}\n`,
};

let stale = false;
for (const [name, text] of Object.entries(outputs)) {
  const file = new URL(name, ASSETS);
  if (process.argv.includes("--check")) {
    if ((await readFile(file, "utf8").catch(() => "")) !== text) {
      console.error(`${name} is not what its sources build: run npm run build in pipeline/report/web`);
      stale = true;
    }
  } else {
    await writeFile(file, text);
    console.log(`${name}\t${text.length}`);
  }
}
process.exit(stale ? 1 : 0);
