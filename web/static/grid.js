// A grid of fields: arrows and Enter move, a block from a spreadsheet is pasted whole; without a script Tab and a form do.
"use strict";

for (const table of document.querySelectorAll("[data-grid]")) {
  const form = table.closest("form");
  const said = form.querySelector("[data-changed]");
  const rows = () => [...table.tBodies[0].rows];
  const field = (row, column) => rows()[row]?.cells[column]?.querySelector("input") ?? null;
  const place = (input) => [rows().indexOf(input.closest("tr")), input.closest("td").cellIndex];
  let sent = false;

  const count = () => {
    let n = 0;
    for (const input of table.querySelectorAll("input")) {
      const changed = input.value !== (input.dataset.was ?? input.defaultValue);
      input.classList.toggle("changed", changed);
      n += changed;
    }
    if (said) said.textContent = n ? said.dataset.changed.replace("{n}", n) : "";
    return n;
  };

  const go = (row, column) => {
    const to = field(row, column);
    if (to) { to.focus(); to.select(); }
    return to;
  };

  // The next field in a direction: rows of people who have left have none.
  const step = (from, down, right) => {
    let [row, column] = place(from);
    for (let n = 0; n < 1000; n += 1) {
      row += down; column += right;
      if (row < 0 || row >= rows().length || column < 1 || column >= rows()[row].cells.length) return;
      if (go(row, column)) return;
    }
  };

  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (input.tagName !== "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const ways = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowLeft: all || input.selectionEnd === 0 ? [0, -1] : null,
      ArrowRight: all || input.selectionStart === input.value.length ? [0, 1] : null,
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    step(input, ...way);
  });

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text) || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const [top, left] = place(event.target);
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const input = field(top + down, left + right);
        if (input) input.value = value.trim();
      });
    });
    count();
  });

  table.addEventListener("input", count);
  count(); // what was refused stands here still, unsaved
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => { if (!sent && count()) event.preventDefault(); });
}
