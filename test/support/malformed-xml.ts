/** What is wrong with a text as XML, or `null`: tags, attributes and references, as SVG files use them. */
export function malformedXml(text: string): string | null {
  const open: string[] = [];
  let roots = 0;
  let end = 0;
  const TAG = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g;
  for (const match of text.matchAll(TAG)) {
    const problem = betweenTags(text.slice(end, match.index), open.length > 0);
    if (problem !== null) return problem;
    end = match.index + match[0].length;
    const [, closing, name, attributes, empty] = match;
    const names = [...attributes!.matchAll(/([\w:.-]+)="([^"]*)"/g)];
    if (new Set(names.map(([, each]) => each)).size < names.length) {
      return `an attribute is there twice: ${match[0]}`;
    }
    if (names.some(([, , value]) => hasBareAmpersand(value!))) return `bare &: ${match[0]}`;
    if (closing === '/') {
      const last = open.pop();
      if (last !== name) return `</${name}> closes <${last}>`;
    } else {
      if (open.length === 0) roots += 1;
      if (empty === '') open.push(name!);
    }
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`;
  if (roots !== 1) return `there are ${roots} root elements`;
  return betweenTags(text.slice(end), false);
}

function betweenTags(text: string, inside: boolean): string | null {
  if (text.includes('<')) return `no tag: ${text.slice(text.indexOf('<'), 80)}`;
  if (hasBareAmpersand(text)) return `bare &: ${text.slice(0, 80)}`;
  return inside || text.trim() === '' ? null : `text outside of the root: ${text.slice(0, 80)}`;
}

function hasBareAmpersand(text: string): boolean {
  return /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(text);
}
