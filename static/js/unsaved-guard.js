// Wraps a form and asks before the page is left with changes in it. The attribute `dirty` says that the server
// already holds unsaved changes in the form (a row was added, an error came back).
class UnsavedGuard extends HTMLElement {
  connectedCallback() {
    this.kept = this.values()
    this.addEventListener("submit", this)
    this.addEventListener("htmx:afterSettle", this)
    this.addEventListener("htmx:beforeOnLoad", this)
    window.addEventListener("beforeunload", this)
    window.addEventListener("pageshow", this)
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this)
    window.removeEventListener("pageshow", this)
  }

  handleEvent(event) {
    if (event.type === "beforeunload") return this.ask(event)
    // A submit that htmx or the form itself has stopped leaves nothing; an answer that leads elsewhere has all entries.
    this.leaving = event.type === "submit" ? !event.defaultPrevented : Boolean(event.detail?.xhr?.getResponseHeader("HX-Redirect"))
  }

  ask(event) {
    if (!this.leaving && this.changed) event.preventDefault()
  }

  get changed() {
    return this.hasAttribute("dirty") || this.querySelector("[data-dirty]") !== null || this.values() !== this.kept
  }

  values() {
    const form = this.querySelector("form") ?? this.closest("form")
    if (!form) return ""
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken")
    return JSON.stringify(fields.map(([name, value]) => [name, value instanceof File ? value.name : value]))
  }
}

customElements.define("unsaved-guard", UnsavedGuard)
