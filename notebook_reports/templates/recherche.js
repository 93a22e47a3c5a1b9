"use strict";
{
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replaceAll("œ", "oe").replaceAll("’", "'");
  const stem = (word) => (word.length > 4 ? word.replace(/[sx]$/, "") : word); // « comptes » finds « compte »
  const most = 100;
  const spaced = (text) => text + " " + text.replaceAll("\u202f", ""); // « 1 584 » or « 1584 »
  const known = [...document.querySelectorAll(".elements li")].map((item) => {
    const title = spaced(fold(item.textContent));
    return { item, title, text: `${title} ${spaced(fold(item.dataset.mots))}` };
  });
  const [field, said, results] = ["mots", "nombre", "resultats"]
    .map((id) => document.getElementById(id));
  const meanings = field.dataset.synonymes.split("|").map((line) => fold(line).split(", ").map(stem));
  const near = (word) => [word, ...meanings.filter((all) => all.includes(word)).flat()];
  const search = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean).map(stem);
    const rank = ({ title, text }) => words.every((word) => title.includes(word)) ? 0
      : words.every((word) => text.includes(word)) ? 1
        : words.every((word) => near(word).some((other) => text.includes(other))) ? 2 : 3;
    const ranked = words.length ? known.map((one) => [rank(one), one.item]).filter(([place]) => place < 3) : [];
    const found = ranked.sort(([a], [b]) => a - b).map(([, item]) => item); // what says it itself comes first
    results.replaceChildren(...found.slice(0, most).map((item) => item.cloneNode(true)));
    const plural = found.length > 1 ? "s" : "";
    said.textContent = words.length === 0 ? ""
      : found.length === 0 ? "Aucun résultat."
        : `${found.length} résultat${plural}` +
          (found.length > most ? `\u202f; les ${most} premiers sont affichés.` : ".");
  };
  field.addEventListener("input", search);
  field.closest("[hidden]").hidden = false;
  search(); // what the browser has kept of a former visit
}
