// Turns a drawing on standard input (SVG) into a picture on standard output (PNG): node picture.mjs FONT
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

await initWasm(readFileSync(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
const drawing = new Resvg(readFileSync(0, 'utf8'), { font: { fontBuffers: [readFileSync(process.argv[2])] } });
process.stdout.write(drawing.render().asPng());
