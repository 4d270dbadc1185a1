/** Box is the rectangle of one cell, in the picture's units. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/**
 * drawGlyph draws a character of lines or blocks as a shape, for a font leaves gaps between the lines of a frame.
 * It gives undefined for every other character. `fill` is the colour.
 */
export function drawGlyph(char: string, box: Box, fill: string): string | undefined {
  return drawArms(char, box, fill) ?? drawBlock(char, box, fill);
}

/** arms says for each line character how thick its arms are: up, right, down, left; 0 none, 1 light, 2 heavy. */
const arms: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '─': [0, 1, 0, 1],
  '│': [1, 0, 1, 0],
  '┌': [0, 1, 1, 0],
  '┐': [0, 0, 1, 1],
  '└': [1, 1, 0, 0],
  '┘': [1, 0, 0, 1],
  '├': [1, 1, 1, 0],
  '┤': [1, 0, 1, 1],
  '┬': [0, 1, 1, 1],
  '┴': [1, 1, 0, 1],
  '┼': [1, 1, 1, 1],
  '╭': [0, 1, 1, 0],
  '╮': [0, 0, 1, 1],
  '╰': [1, 1, 0, 0],
  '╯': [1, 0, 0, 1],
  '╴': [0, 0, 0, 1],
  '╵': [1, 0, 0, 0],
  '╶': [0, 1, 0, 0],
  '╷': [0, 0, 1, 0],
  '━': [0, 2, 0, 2],
  '┃': [2, 0, 2, 0],
  '┏': [0, 2, 2, 0],
  '┓': [0, 0, 2, 2],
  '┗': [2, 2, 0, 0],
  '┛': [2, 0, 0, 2],
  '┣': [2, 2, 2, 0],
  '┫': [2, 0, 2, 2],
  '┳': [0, 2, 2, 2],
  '┻': [2, 2, 0, 2],
  '╋': [2, 2, 2, 2],
};

function drawArms(char: string, { x, y, width, height }: Box, fill: string): string | undefined {
  const thick = arms[char];
  if (thick === undefined) return undefined;
  const [up, right, down, left] = thick;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  if ('╭╮╰╯'.includes(char)) {
    const [toX, toY] = [right ? x + width : x, down ? y + height : y];
    const path = `M${n(middleX)} ${n(toY)}Q${n(middleX)} ${n(middleY)} ${n(toX)} ${n(middleY)}`;
    return `<path d="${path}" fill="none" stroke="${fill}"/>`;
  }
  const lines = [
    line(up, middleX, y, middleX, middleY),
    line(right, middleX, middleY, x + width, middleY),
    line(down, middleX, middleY, middleX, y + height),
    line(left, x, middleY, middleX, middleY),
  ];
  const heavy = Math.max(...thick) === 2 ? ' stroke-width="2"' : '';
  return `<path d="${lines.join('')}" stroke="${fill}"${heavy}/>`;
}

function line(thickness: number, x1: number, y1: number, x2: number, y2: number): string {
  return thickness === 0 ? '' : `M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}`;
}

/** drawBlock draws the eighths that grow from below or from the left, the halves and the shades, without a seam. */
function drawBlock(char: string, { x, y, width, height }: Box, fill: string): string | undefined {
  const rectangle = (left: number, top: number, wide: number, high: number, opacity = 1) =>
    `<rect x="${n(left)}" y="${n(top)}" width="${n(wide)}" height="${n(high)}" fill="${fill}" shape-rendering="crispEdges"${opacity < 1 ? ` opacity="${opacity}"` : ''}/>`;
  const low = '▁▂▃▄▅▆▇█'.indexOf(char) + 1;
  if (low > 0) return rectangle(x, y + height - (height * low) / 8, width, (height * low) / 8);
  const wide = '▏▎▍▌▋▊▉'.indexOf(char) + 1;
  if (wide > 0) return rectangle(x, y, (width * wide) / 8, height);
  const shade = '░▒▓'.indexOf(char) + 1;
  if (shade > 0) return rectangle(x, y, width, height, shade / 4);
  if (char === '▀') return rectangle(x, y, width, height / 2);
  if (char === '▐') return rectangle(x + width / 2, y, width / 2, height);
  return undefined;
}

/** n writes a coordinate with at most two decimals. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
