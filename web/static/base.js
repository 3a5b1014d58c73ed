// Small helps on every page; each page works without them.
"use strict";

// The token that a POST by script carries in its header X-CSRF.
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

// A second click on a form that is on its way does no harm.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});
// Coming back by the browser's button, the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll('button[aria-disabled="true"]')) button.removeAttribute("aria-disabled");
});

// The first fault takes the focus.
document.querySelector('[aria-invalid="true"]')?.focus();
