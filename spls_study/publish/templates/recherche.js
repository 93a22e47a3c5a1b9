"use strict";
{
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replaceAll("œ", "oe").replaceAll("’", "'");
  const most = 100;
  const known = [...document.querySelectorAll(".elements li")].map((item) => {
    const text = fold(item.textContent);
    return { item, text: text + text.replaceAll("\u202f", "") }; // « 1 584 » or « 1584 »
  });
  const [field, said, results] = ["mots", "nombre", "resultats"]
    .map((id) => document.getElementById(id));
  const search = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const found = words.length
      ? known.filter(({ text }) => words.every((word) => text.includes(word))) : [];
    results.replaceChildren(...found.slice(0, most).map(({ item }) => item.cloneNode(true)));
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
