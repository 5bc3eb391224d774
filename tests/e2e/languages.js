// What a reader of a page would complain about. `texts` lists its words; `clipped`, `collided` and `reordered` its faults.
(() => {
  const SPOKEN = ["alt", "aria-label", "aria-description", "data-ended", "data-label", "data-lost", "label", "placeholder", "title"]
  // Names of places, by CLDR; names that programs know; keys; what people typed.
  const OTHERS = "[name=time_zone], [translate=no], kbd, script, style, textarea"
  // Meant to be cut or to scroll: titles in the way back, tables and code.
  const CUT = ".breadcrumb, .table-scroll, .prose pre, .prose table"
  const SCROLLS = ".chat-log, .table-scroll, pre"

  const ancestors = function* (element) {
    for (; element; element = element.parentElement) yield element
  }

  // Not what is there for the ear only.
  const isShown = (element) =>
    element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) &&
    [...ancestors(element)].every((each) => getComputedStyle(each).clipPath !== "inset(50%)")
  const place = (element) => element.outerHTML.slice(0, 160).replace(/\s+/g, " ")

  const nodes = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode)
    for (const template of root.querySelectorAll("template")) found.push(...nodes(template.content))
    return found
  }

  const texts = () => {
    const found = [[document.title, "title"]]
    for (const node of nodes(document.body)) {
      if (!node.parentElement?.closest(OTHERS)) found.push([node.data.trim(), node.parentElement ? place(node.parentElement) : "template"])
    }
    for (const element of document.querySelectorAll("*")) {
      for (const name of SPOKEN) if (element.hasAttribute(name)) found.push([element.getAttribute(name), `${name}: ${place(element)}`])
      if (element.matches("input[type=submit], input[type=button]")) found.push([element.value, place(element)])
    }
    return found
  }

  const clipped = () => {
    const found = [...document.querySelectorAll("body, body *:not(option, optgroup)")].filter((element) => {
      if (!isShown(element) || element.closest(CUT) || element.closest("svg, .skip-link")) return false
      const style = getComputedStyle(element)
      if (style.display === "inline" || style.display === "contents") return false
      const hidesX = style.overflowX !== "visible"
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      if (!hasText && !hidesX) return false
      const hidesY = style.overflowY === "hidden" || style.overflowY === "clip"
      return element.scrollWidth > element.clientWidth + 1 || (hidesY && element.scrollHeight > element.clientHeight + 1)
    })
    const sticking = [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return width && isShown(element) && !element.closest(CUT) && (left < -1 || right > innerWidth + 1)
    })
    if (document.documentElement.scrollWidth > innerWidth) sticking.unshift(document.documentElement)
    return [...found.map((element) => `clipped: ${place(element)}`), ...sticking.map((element) => `sticks out: ${place(element)}`)]
  }

  // The rectangles of a text's lines, without what the font leaves empty above and below.
  const boxes = (node, start, end) => {
    const range = document.createRange()
    range.setStart(node, start ?? 0)
    range.setEnd(node, end ?? node.length)
    return [...range.getClientRects()].filter(({ width, height }) => width > 2 && height > 2)
  }

  const isPinned = (element) => [...ancestors(element)].some((each) => /fixed|sticky|absolute/.test(getComputedStyle(each).position))

  const shownNodes = () => nodes(document.body).filter(({ parentElement }) => parentElement && isShown(parentElement) && !parentElement.closest("option, .skip-link"))

  // Texts that lie on one another, and text on a control that is not its own.
  const collided = () => {
    const all = shownNodes().filter(({ parentElement }) => !parentElement.closest(SCROLLS) && !isPinned(parentElement)).flatMap((node) =>
      boxes(node).map((box) => ({ node, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4, left: box.left + 1, right: box.right - 1 }))
    )
    const found = []
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        if (a.node === b.node) continue
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) found.push(`collided: “${a.node.data.trim()}” on “${b.node.data.trim()}” (${place(a.node.parentElement)}, ${place(b.node.parentElement)})`)
      }
    }
    return found
  }

  // Addresses, amounts and times run from left to right in each language, their sign first.
  const reordered = () =>
    shownNodes().flatMap((node) =>
      [...node.data.matchAll(/[\w.]+@[\w.]+\w|[+−]?[$€]?\d[\d.,:]*\d/g)].filter((match) => {
        const first = boxes(node, match.index, match.index + 1)[0]
        const last = boxes(node, match.index + match[0].length - 1, match.index + match[0].length)[0]
        return first && last && first.top === last.top && first.left > last.left
      }).map((match) => `reordered: ${match[0]}`)
    )

  window.reading = { texts, clipped, collided, reordered }
})()
