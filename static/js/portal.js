/* Enhancements of pages that work without them. Light DOM, no dependencies. */

/** Put the keyboard where the mistakes are listed, on the page that answers them. */
class ErrorSummary extends HTMLElement {
  connectedCallback() {
    if (document.title.startsWith("エラー")) this.focus();
  }
}

/** Offer the copy button only where copying works. */
class CopyText extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard) return;
    const button = this.querySelector("button");
    const label = button.querySelector("span");
    const text = this.querySelector("strong").textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      label.textContent = "コピーしました";
    });
  }
}

class PrintButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

customElements.define("error-summary", ErrorSummary);
customElements.define("copy-text", CopyText);
customElements.define("print-button", PrintButton);

for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = false;
}

/* The server accepts a filing once; this only spares people the doubt. The button stays
   focusable and is released when the browser shows the page again from its cache. */
const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-submit-once")) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-submit-once]")) {
    sending.delete(form);
    form.querySelectorAll("[aria-disabled]").forEach((button) => {
      button.removeAttribute("aria-disabled");
    });
  }
});
