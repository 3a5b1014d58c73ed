// A sheet that can no longer be written on: what was typed into it in this browser and never saved is shown, to be copied.
"use strict";
{
  const box = document.getElementById("left"), { store } = box.dataset;
  const forget = () => { localStorage.removeItem(store); box.hidden = true; };
  try {
    const { sent, waiting } = JSON.parse(localStorage.getItem(store)) ?? {};
    const pairs = (waiting ?? sent)?.pairs;
    const cells = (pairs ?? []).map(([name, value]) => [box.querySelector(`[data-left="${CSS.escape(name)}"]`), value]).filter(([cell]) => cell);
    for (const [cell, value] of cells) cell.textContent = value;
    if (cells.some(([cell, value]) => cell.dataset.value !== value.trim())) box.hidden = false;
    else if (pairs) forget(); // it is what stands on the sheet
    document.getElementById("forget").addEventListener("click", forget);
  } catch { /* this browser keeps nothing */ }
}
