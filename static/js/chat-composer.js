// Wraps the form in which a message is written. Ctrl+Enter sends, and choosing what to answer leads back to the text.
class ChatComposer extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this)
    this.addEventListener("htmx:afterSettle", this)
  }

  handleEvent(event) {
    if (event.type === "keydown") this.send(event)
    else if (event.target.id === "composer-subject") this.querySelector("textarea").focus()
  }

  send(event) {
    if (event.key !== "Enter" || event.repeat || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.target.form?.requestSubmit()
  }
}

customElements.define("chat-composer", ChatComposer)
