// Wraps a text field and keeps what is typed until it is sent, also when the page is loaded anew: in this window, for
// this person. The attribute `of` says what the text is for.
class KeptDraft extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea")
    this.field.value ||= sessionStorage.getItem(this.key) ?? ""
    this.addEventListener("input", this)
    this.closest("form").addEventListener("submit", this)
    this.closest("form").addEventListener("htmx:afterRequest", this)
  }

  get key() {
    return `draft-${document.body.dataset.person}-${this.getAttribute("of")}`
  }

  handleEvent(event) {
    if (event.type === "input") return sessionStorage.setItem(this.key, this.field.value)
    if (event.target !== this.closest("form")) return // something in it asked for itself
    if (event.type === "submit" || event.detail.successful) sessionStorage.removeItem(this.key)
    else sessionStorage.setItem(this.key, this.field.value)
  }
}

customElements.define("kept-draft", KeptDraft)
