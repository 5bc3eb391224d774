// Wraps the form in which a message is written: choosing what to answer leads back to the text.
class ChatComposer extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:afterSettle", this)
  }

  handleEvent(event) {
    if (event.target.id === "composer-subject") this.querySelector("textarea").focus()
  }
}

customElements.define("chat-composer", ChatComposer)
