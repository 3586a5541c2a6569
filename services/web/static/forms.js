// Keep Enter in a field from leaving the page of a form that only its visible button sends.
"use strict";
document.addEventListener("keydown", function (event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  const form = event.target.form;
  if (form && form.querySelector("button[formaction='/nothing-sent']")) event.preventDefault();
});
