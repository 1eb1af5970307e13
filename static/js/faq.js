/* Enhancements of the FAQ, which works without them: questions that have an answer are
   shown while one types, and a panel asks on every page. */

const PAUSE_MS = 250;
const LEAST = 2;

/** A combobox (WAI-ARIA 1.2): choosing opens the answer; typing on sends the question. */
class FaqSuggestions extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = document.createElement("ul");
    this.list.className = "faq-options";
    this.list.id = `${this.input.id}-options`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.label);
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.move(event));
    this.input.addEventListener("blur", () => this.close());
    // The input keeps the focus while an option is pressed.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.follow(event.target));
    this.input.form.addEventListener("submit", () => this.close());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    this.request?.abort();
    const typed = this.input.value.trim();
    if (typed.length < LEAST) return this.close();
    this.request = new AbortController();
    try {
      const response = await fetch(this.dataset.url, {
        method: "POST",
        body: new FormData(this.input.form),
        signal: this.request.signal,
      });
      if (response.ok) this.show((await response.json()).suggestions);
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(
      ...suggestions.map(({ question, url }, n) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${n}`;
        option.dataset.url = url;
        option.textContent = question;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    this.open(suggestions.length > 0);
    this.status.textContent = suggestions.length
      ? this.dataset.found.replace("{n}", suggestions.length)
      : "";
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.select(null);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
  }

  select(option) {
    for (const one of this.list.children) {
      one.setAttribute("aria-selected", String(one === option));
    }
    this.selected = option;
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  move(event) {
    if (this.list.hidden || event.isComposing) return;
    const options = [...this.list.children];
    const at = options.indexOf(this.selected);
    if (event.key === "ArrowDown") this.select(options[(at + 1) % options.length]);
    else if (event.key === "ArrowUp") this.select(options.at(at < 0 ? -1 : at - 1));
    else if (event.key === "Enter" && this.selected) this.follow(this.selected);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  follow(option) {
    if (option.dataset?.url) window.location.assign(option.dataset.url);
  }
}

customElements.define("faq-suggestions", FaqSuggestions);

/** Ask without leaving the page: the same addresses, answered without their frame. */
class Panel {
  constructor(link) {
    this.link = link;
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.open();
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.open();
    });
  }

  async open() {
    this.dialog ??= this.build();
    // Without its words it would have no button to close it.
    this.body ??= await this.fill();
    if (!this.body) return;
    this.dialog.showModal();
    this.dialog.querySelector(".faq-panel__body input.faq-question")?.focus();
  }

  build() {
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = this.link.dataset.styles;
    document.head.append(styles);
    const dialog = document.createElement("dialog");
    dialog.className = "faq-panel";
    dialog.setAttribute("aria-labelledby", "faq-panel-title");
    dialog.addEventListener("click", (event) => this.press(event));
    dialog.addEventListener("submit", (event) => this.send(event));
    document.body.append(dialog);
    return dialog;
  }

  /** Return the panel's body in a language; none where the page is opened instead. */
  async fill(language = "") {
    try {
      const response = await this.fetch(this.link.dataset.panel + language);
      if (!response.ok) throw new Error(String(response.status));
      this.dialog.innerHTML = await response.text();
      return this.dialog.querySelector(".faq-panel__body");
    } catch {
      window.location.assign(this.link.href + language);
      return null;
    }
  }

  async press(event) {
    if (event.target.closest(".faq-panel__close")) this.dialog.close();
    const language = event.target.closest(".faq-languages a");
    if (!language) return;
    event.preventDefault();
    this.body = await this.fill(language.search);
    this.body?.querySelector(".faq-languages [aria-current]").focus();
  }

  fetch(address, options = {}) {
    return fetch(address, { ...options, headers: { "X-Faq-Panel": "1" } });
  }

  async send(event) {
    const form = event.target;
    event.preventDefault();
    // What `data-submit-once` guards is released here: the page stays.
    event.stopPropagation();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const sent = new FormData(form);
    if (event.submitter?.name) sent.append(event.submitter.name, event.submitter.value);
    try {
      const response = await this.fetch(form.action, { method: "POST", body: sent });
      const answer = await response.text();
      if (!response.ok && response.status !== 422) throw new Error(answer);
      const asks = form.classList.contains("faq-ask");
      this.say(asks && !response.ok ? answer : "");
      if (!asks) this.replace(form.closest(".faq-exchange"), answer);
      else if (response.ok) this.add(form, sent.get("question"), answer);
    } catch {
      this.say(`<p class="faq-refused" role="alert">${this.body.dataset.failed}</p>`);
    } finally {
      form.ariaBusy = "false";
    }
  }

  say(html) {
    this.body.querySelector(".faq-panel__error").innerHTML = html;
  }

  add(form, question, html) {
    const turn = document.createElement("section");
    turn.className = "faq-turn";
    const heading = document.createElement("h3");
    heading.textContent = question;
    heading.tabIndex = -1;
    turn.append(heading);
    turn.insertAdjacentHTML("beforeend", html);
    this.body.querySelector(".faq-panel__log").append(turn);
    form.elements.after.value = turn.querySelector("[data-question]").dataset.question;
    form.elements.question.value = "";
    heading.focus();
    heading.scrollIntoView({ block: "start" });
  }

  replace(old, html) {
    const turn = old.parentElement;
    old.outerHTML = html;
    const heading = turn.querySelector(".faq-exchange h2") ?? turn;
    heading.tabIndex = -1;
    heading.focus();
  }
}

for (const link of document.querySelectorAll(".faq-launch[data-panel]")) {
  if (typeof HTMLDialogElement === "function") new Panel(link);
}
