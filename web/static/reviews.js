// A reviewer's list: says of which sheets this browser still has something that the server has not heard.
"use strict";
{
  const note = document.getElementById("unsent");
  for (const cell of document.querySelectorAll("[data-store]")) {
    try { if (localStorage.getItem(cell.dataset.store)) cell.append(" ", note.content.cloneNode(true)); } catch { break; } // it keeps nothing
  }
}
