// What axe does not see. Returns sentences; none when all is well. Run on a page as it is shown.
const faults = [];
const all = (what) => [...document.querySelectorAll(what)];
const told = (fault, item) => faults.push(`${fault} : ${(item.textContent || "").trim().slice(0, 60)}`);

if (document.documentElement.lang !== "fr") faults.push("lang");
if (document.documentElement.scrollWidth > window.innerWidth) faults.push("défile de côté");
for (const drawing of all("[role=img]")) {
  const words = drawing.getAttribute("aria-label") || "";
  const title = drawing.closest("figure")?.querySelector("figcaption strong")?.textContent;
  if (words.length < 20 || words.length > 150 || words === title) told(`alternative « ${words} »`, drawing);
}
const forAll = all(".note").some((line) => /^Sources\u00a0: ./.test(line.textContent.trim())); // of a note of two pages
for (const figure of all("figure")) {
  if (figure.closest(".vignette") && forAll) continue;
  if (!/Source\u00a0: ./.test(figure.textContent)) told("figure sans source", figure);
}
for (const table of all("table")) {
  if (!table.closest(".tableau") && !table.caption) told("tableau sans légende", table);
  if (table.querySelector("th:not([scope])")) told("en-tête sans portée", table);
  if ([...table.querySelectorAll("th, td")].some((cell) => !cell.textContent.trim()))
    told("cellule vide", table);
}
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6")) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1 || (own === 1 && level)) told("niveau de titre sauté", heading);
  level = own;
}
for (const item of all("a, button, input, summary, [tabindex]")) {
  if (!item.checkVisibility()) continue;
  item.focus({ focusVisible: true });
  const ring = getComputedStyle(item);
  const shape = item.querySelector("path");
  if (ring.outlineStyle === "none" && !(shape && parseFloat(getComputedStyle(shape).strokeWidth) > 2))
    told("focus invisible", item);
}
document.activeElement.blur();

const light = (colour) => {
  const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3)
    .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const covers = (shape, point) => {
  const style = getComputedStyle(shape);
  if (style.fill === "none" || style.fillOpacity !== "1" || shape.closest("defs, clipPath"))
    return false;
  const box = shape.getBoundingClientRect();
  if (shape.tagName === "use")
    return box.left <= point.x && point.x <= box.right && box.top <= point.y && point.y <= box.bottom;
  return shape.isPointInFill(point.matrixTransform(shape.getScreenCTM().inverse()));
};
const body = getComputedStyle(document.body).backgroundColor;
const page = body === "rgba(0, 0, 0, 0)" ? "rgb(255, 255, 255)" : body;
for (const drawing of all(".dessin svg")) {
  if (!drawing.checkVisibility()) continue;
  const painted = [...drawing.querySelectorAll("path, use, text")];
  for (const [place, text] of painted.entries()) {
    if (text.tagName !== "text" || !text.textContent.trim()) continue;
    const box = text.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    const under = painted.slice(0, place)
      .findLast((shape) => shape.tagName !== "text" && covers(shape, middle));
    const ground = under ? getComputedStyle(under).fill : page;
    const ratio = contrast(getComputedStyle(text).fill, ground);
    if (ratio < 4.5) told(`contraste ${ratio.toFixed(2)} sur ${ground}`, text);
  }
}
return faults;
