// What a phone 375 pixels wide shows badly. Returns sentences; none when all is well.
const faults = [];
const all = (what, within = document) => [...within.querySelectorAll(what)].filter((item) => item.checkVisibility());
const told = (fault, item) => faults.push(`${fault} : ${(item.textContent || "").trim().slice(0, 60)}`);

for (const figure of all("figure")) {
  const box = figure.querySelector(".dessin");
  const title = figure.querySelector("figcaption") || figure;
  if (!box || box.scrollWidth > box.clientWidth || box.getBoundingClientRect().right > document.documentElement.clientWidth) {
    told("figure plus large que l'écran", title);
    continue;
  }
  const shown = all("svg", box);
  if (shown.length !== 1) told(`${shown.length} dessins`, title);
  for (const drawing of shown) {
    const edge = drawing.getBoundingClientRect();
    for (const text of all("text", drawing)) {
      if (!text.textContent.trim()) continue;
      const height = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d;
      if (height < 9) told(`texte de ${height.toFixed(1)} px`, text);
      const own = text.getBoundingClientRect();
      if (own.left < edge.left - 1 || own.right > edge.right + 1 || own.top < edge.top - 2 || own.bottom > edge.bottom + 2)
        told("texte coupé", text);
    }
  }
}
for (const frame of all(".tableau")) {
  if (frame.scrollWidth <= frame.clientWidth) continue;
  if (!getComputedStyle(frame).backgroundImage.includes("gradient")) told("tableau dont rien ne dit qu'il défile", frame);
  if (getComputedStyle(frame.querySelector("tbody th")).position !== "sticky") told("première colonne qui s'en va", frame);
}
return faults;
