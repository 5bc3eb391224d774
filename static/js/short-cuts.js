// Keys for what is on the page. data-key="g c" names a link, a button or a field: it is followed, pressed or focused.
// Lines (data-line) are walked with j and k, and a key found within the line in focus means that line. Single keys can
// be turned off: then the attribute `single` is not there.
const TEXT = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]"
const SEQUENCE = 1000 // milliseconds from one key to the next

class ShortCuts extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    for (const type of ["keydown", "click"]) document.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of ["keydown", "click"]) document.removeEventListener(type, this)
  }

  handleEvent(event) {
    if (event.type === "click") this.click(event)
    else if (!event.defaultPrevented && !event.isComposing && !event.repeat && !this.dialog.open) this.press(event)
  }

  click(event) {
    if (event.target.closest('[data-key="?"]')) this.open(event)
  }

  press(event) {
    const { key, target, timeStamp, altKey } = event
    const withControl = event.ctrlKey || event.metaKey
    if (key === "Enter" && withControl) this.act(event, target.form?.querySelector('[data-key="Ctrl+Enter"]'))
    if (!this.hasAttribute("single") || withControl || altKey || target.matches(TEXT)) return
    const sequence = timeStamp - this.at < SEQUENCE ? `${this.before} ${key}` : key
    Object.assign(this, { before: key, at: timeStamp })
    if (key === "?") this.open(event)
    else if (key === "j" || key === "k") this.walk(event, key === "j" ? 1 : -1)
    else this.act(event, this.find(sequence) ?? this.find(key))
  }

  open(event) {
    event.preventDefault()
    this.dialog.showModal()
  }

  walk(event, step) {
    const lines = [...document.querySelectorAll("[data-line]")]
    const here = lines.indexOf(document.activeElement.closest("[data-line]"))
    this.act(event, lines[Math.max(here + step, 0)])
  }

  find(key) {
    const line = document.activeElement.closest("[data-line]")
    const named = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]
    return named.find((element) => line?.contains(element)) ?? named.find((element) => !element.closest("[data-line]"))
  }

  act(event, element) {
    if (!element?.checkVisibility()) return
    event.preventDefault()
    element.focus()
    if (!element.matches(`${TEXT}, [data-line]`)) element.click()
  }
}

customElements.define("short-cuts", ShortCuts)
