// Prints the page. Without script it is not shown, and the browser's own menu prints.
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.addEventListener("click", this)
  }

  handleEvent() {
    window.print()
  }
}

customElements.define("print-button", PrintButton)
