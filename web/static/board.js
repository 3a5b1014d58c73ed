// The pages of a round: a calculation opens under its row; without a script the link opens it as a page.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const row = link.closest("tr");
  const open = row.nextElementSibling?.classList.contains("opened") ? row.nextElementSibling : null;
  if (open) { open.remove(); link.setAttribute("aria-expanded", "false"); return; }
  const answer = await fetch(`${link.href}?part=true`, { headers: { "X-CSRF": csrf() } });
  if (!answer.ok) { location.href = link.href; return; }
  const more = document.createElement("tr");
  more.className = "opened";
  const cell = more.insertCell();
  cell.colSpan = row.cells.length;
  cell.innerHTML = await answer.text(); // our own page's part, escaped by the template
  row.after(more);
  link.setAttribute("aria-expanded", "true");
});
