// Chooses the time zone that the browser is in, where the list has it.
class BrowserZone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select")
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    if ([...select.options].some((option) => option.value === zone)) select.value = zone
  }
}

customElements.define("browser-zone", BrowserZone)
