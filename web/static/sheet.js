// The score sheet: buttons for usual marks, keys, live total; saving and filing by sheet_saving.js.
// Without scripts the sheet is a plain form with a button that saves and one that files.
"use strict";
{
  const form = document.getElementById("sheet");
  const data = form.dataset;
  const cards = [...form.querySelectorAll(".criterion")];
  const inputs = cards.map((card) => card.querySelector(".mark"));
  const total = document.getElementById("total");
  const wide = matchMedia("(min-width: 64rem)").matches;
  let locked = false;

  // ---- marks, total, faults ------------------------------------------------------------------------------------------------
  const cardOf = (event) => event.target.closest(".criterion");
  const markOf = (card) => card.querySelector(".mark").value.trim();
  const wrong = (card) => sheetSums.wrong(markOf(card), { ...card.dataset, decimals: data.decimals });
  const said = (card) => {
    const name = wrong(card), { max, step } = card.dataset;
    const text = name ? data[`say${name[0].toUpperCase()}${name.slice(1)}`] : "";
    return text.replace("{max}", max).replace("{step}", step).replace("{n}", data.decimals);
  };

  function show() {
    const sound = cards.filter((card) => !wrong(card));
    total.textContent = sheetSums.total(sound.map((card) => ({ ...card.dataset, mark: markOf(card) })), data);
    document.getElementById("done").textContent = sound.length;
    for (const button of form.querySelectorAll("[data-mark]"))
      button.setAttribute("aria-pressed", String(button.dataset.mark === markOf(button.closest(".criterion"))));
  }
  function fault(card, text) {
    const place = card.querySelector(".field__fault"), input = card.querySelector(".mark");
    place.textContent = text;
    place.hidden = !text;
    if (text) { input.setAttribute("aria-invalid", "true"); card.dataset.lit = "1"; }
    else { input.removeAttribute("aria-invalid"); delete card.dataset.lit; }
  }
  function faults(found) {
    for (const card of cards) fault(card, found[card.dataset.key] ?? "");
    cards.find((card) => found[card.dataset.key])?.querySelector(".mark").focus();
  }
  // A mark is complete: what is wrong with it is said, and the total once there is nothing left to mark.
  function settled(card) {
    fault(card, markOf(card) && said(card));
    if (!cards.some(wrong)) announce(data.sayTotal.replace("{total}", total.textContent));
  }

  const saving = sheetSaving(form, {
    faults,
    begin: () => inputs[0].focus(),
    fill(pairs) {
      for (const [name, value] of pairs) {
        const field = form.elements.namedItem(name);
        if (!field) continue;
        field.value = value;
        if (value && name.startsWith("comment.")) field.closest("details").open = true;
      }
      show();
    },
    heard(reply) {
      total.textContent = reply.total; // the server's number is the one that counts
      for (const card of cards) if (!card.contains(document.activeElement)) fault(card, reply.faults[card.dataset.key] ?? "");
    },
    lock(on) {
      locked = on;
      form.setAttribute("aria-busy", String(on));
      for (const field of form.querySelectorAll("input.mark, textarea")) field.readOnly = on;
    },
  });

  function file() {
    if (locked) return;
    faults(Object.fromEntries(cards.filter(wrong).map((card) => [card.dataset.key, said(card)])));
    if (!cards.some(wrong)) saving.file();
  }

  // ---- typing ----------------------------------------------------------------------------------------------------------------
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.id !== "save") file();
    else saving.send().then(() => announce(document.getElementById("saved").textContent));
  });
  form.addEventListener("input", (event) => {
    const card = cardOf(event);
    if (card && event.target.matches(".mark") && (!markOf(card) || !wrong(card))) fault(card, "");
    show();
    saving.changed();
  });
  form.addEventListener("change", (event) => { if (event.target.matches(".mark")) settled(cardOf(event)); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button || locked) return;
    cardOf(event).querySelector(".mark").value = button.dataset.mark;
    show();
    settled(cardOf(event));
    saving.changed();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); file(); return; }
    if (!event.target.matches(".mark") || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const after = inputs[inputs.indexOf(event.target) + 1] ?? document.getElementById("file");
      after.focus();
      after.select?.();
    }
    if (event.key === "/") {
      event.preventDefault();
      const comment = cardOf(event).querySelector(".comment");
      comment.open = true;
      comment.querySelector("textarea").focus();
    }
  });

  // ---- begin -----------------------------------------------------------------------------------------------------------------
  for (const link of document.querySelectorAll('a[href="#decline"]')) link.addEventListener("click", () => { document.getElementById("decline").open = true; });
  for (const box of document.querySelectorAll("[data-open-wide]")) box.open = wide;
  if (wide) for (const summary of form.querySelectorAll("summary")) summary.tabIndex = -1; // "/" opens the comment; Tab goes to the next mark
  show();
  saving.begin();
  if (matchMedia("(pointer: fine)").matches && !document.querySelector('[aria-invalid="true"]') && !form.contains(document.activeElement))
    (inputs.find((input) => !input.value) ?? inputs[0]).focus();
}
