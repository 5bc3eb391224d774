// Shows a password while its button is pressed in. It is sent, and offered to be kept, as a password again.
class ShowPassword extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input")
    this.button = this.querySelector("button")
    this.button.addEventListener("click", this)
    this.field.form?.addEventListener("submit", this)
  }

  handleEvent(event) {
    this.show(event.type === "click" && this.field.type === "password")
  }

  show(isShown) {
    this.field.type = isShown ? "text" : "password"
    this.button.setAttribute("aria-pressed", isShown)
  }
}

customElements.define("show-password", ShowPassword)
