// Writes static/icons.svg: one sprite with the icons named in icons.txt (Lucide, ISC) and our own mark.
// A line "ours=theirs" takes Lucide's icon under a name of ours.
import { readFileSync, writeFileSync } from "node:fs";

const source = (name) => readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
const inner = (svg) => svg.replace(/<!--.*?-->/gs, "").replace(/<svg[^>]*>/s, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
const lines = readFileSync("assets/icons.txt", "utf8").split("\n").filter(Boolean);
const symbols = lines.map((line) => {
  const [ours, theirs] = line.includes("=") ? line.split("=") : [line, line];
  return `<symbol id="${ours}" viewBox="0 0 24 24">${inner(source(theirs))}</symbol>`;
});
writeFileSync(
  "static/icons.svg",
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence: static/vendor/LICENSES.md -->\n${symbols.join("\n")}\n</svg>\n`,
);
console.log(`static/icons.svg: ${symbols.length} icons`);
