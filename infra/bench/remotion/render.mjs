// node render.mjs bundle PUBLIC OUT | node render.mjs render BUNDLE WORK.json OUT.mp4 BROWSER
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {bundle} from '@remotion/bundler';
import {renderMedia, selectComposition} from '@remotion/renderer';

const [step, ...rest] = process.argv.slice(2);

if (step === 'bundle') {
  const [publicDir, outDir] = rest;
  const entryPoint = fileURLToPath(new URL('index.jsx', import.meta.url));
  await bundle({entryPoint, publicDir, outDir});
} else {
  const [serveUrl, file, outputLocation, browserExecutable] = rest;
  const inputProps = {work: JSON.parse(readFileSync(file, 'utf8'))};
  // `chrome-for-testing` is its mode for a whole browser, which Debian's is.
  const shared = {serveUrl, inputProps, browserExecutable, chromeMode: 'chrome-for-testing', logLevel: 'error'};
  const composition = await selectComposition({...shared, id: 'work'});
  await renderMedia({
    ...shared, composition, outputLocation, codec: 'h264', crf: 23, x264Preset: 'superfast', gopSize: 60,
    pixelFormat: 'yuv420p', audioBitrate: '160k',
    // As ours, see `X264` of bench.py; its own encoding of the parts of a sound stays as it is.
    ffmpegOverride: ({args}) => args.includes('libx264')
      ? [...args.slice(0, -1), '-x264-params', 'rc-lookahead=10:mbtree=1', ...args.slice(-1)] : args,
  });
}
