// Copies the browser libraries we serve ourselves out of node_modules, and lists their versions and licences.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const files = [
  ["htmx.org", "dist/htmx.min.js", "vendor/htmx.min.js", "LICENSE"],
  ["@alpinejs/csp", "dist/cdn.min.js", "vendor/alpine-csp.min.js", null],
  ["@fontsource-variable/figtree", "files/figtree-latin-wght-normal.woff2", "fonts/figtree-latin.woff2", "LICENSE"],
  ["@fontsource-variable/figtree", "files/figtree-latin-ext-wght-normal.woff2", "fonts/figtree-latin-ext.woff2", null],
];
const alsoNamed = [["lucide-static", "icons.svg (sprite, built)", "LICENSE"], ["daisyui", "css/app.css (built)", null], ["tailwindcss", "css/app.css (built)", "LICENSE"]];

mkdirSync("static/vendor", { recursive: true });
mkdirSync("static/fonts", { recursive: true });
const manifest = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
const licenceText = (name, file) => (file ? `\n\n\`\`\`\n${readFileSync(`node_modules/${name}/${file}`, "utf8").trim()}\n\`\`\`` : "");
const entry = (name, target, file) => `## ${target}\n\n${name} ${manifest(name).version}, ${manifest(name).license}${licenceText(name, file)}\n`;

for (const [name, from, to] of files) copyFileSync(`node_modules/${name}/${from}`, `static/${to}`);
const pages = [...files.map(([n, , t, l]) => entry(n, t, l)), ...alsoNamed.map(([n, t, l]) => entry(n, t, l))];
writeFileSync("static/vendor/LICENSES.md", `# Third-party files served from here\n\nWritten by \`npm run vendor\`.\n\n${pages.join("\n")}`);
