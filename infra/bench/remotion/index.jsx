// The work of `make bench` by Remotion, as its documentation would have it: transforms and opacity by frame, no effects.
import React from 'react';
import {AbsoluteFill, Audio, Composition, Img, Sequence, interpolate, registerRoot, staticFile, useCurrentFrame, useVideoConfig} from 'remotion';

const WORDS_PER_PAGE = 5;

const frames = (ms, fps) => Math.round((ms * fps) / 1000);

const Scene = ({scene, fade}) => {
  const frame = useCurrentFrame();
  const {fps} = useVideoConfig();
  const {kind, amount} = scene.motion;
  const range = kind === 'zoom_out' ? [1 + amount, 1] : [1, 1 + amount];
  const scale = interpolate(frame - fade, [0, frames(scene.duration_ms, fps)], range);
  const opacity = fade ? interpolate(frame, [0, fade], [0, 1], {extrapolateRight: 'clamp'}) : 1;
  const style = {width: '100%', height: '100%', transform: `scale(${scale})`};
  return (
    <AbsoluteFill style={{opacity}}>
      <Img src={staticFile(scene.file)} style={style} />
    </AbsoluteFill>
  );
};

const Captions = ({words}) => {
  const frame = useCurrentFrame();
  const {fps} = useVideoConfig();
  const now = (frame * 1000) / fps;
  const spoken = words.findLastIndex((word) => word.start_ms <= now);
  const first = spoken - (spoken % WORDS_PER_PAGE);
  const page = words.slice(first, first + WORDS_PER_PAGE);
  const text = {
    position: 'absolute', top: '70%', left: '8%', right: '8%', textAlign: 'center', fontFamily: 'sans-serif',
    fontWeight: 800, fontSize: 72, lineHeight: 1.2, color: 'white', WebkitTextStroke: '10px black', paintOrder: 'stroke fill',
  };
  return (
    <div style={text}>
      {page.map((word, index) => (
        <span key={first + index} style={{color: first + index === spoken ? '#ffd400' : 'white'}}>{word.text} </span>
      ))}
    </div>
  );
};

const Video = ({work}) => {
  const {fps} = useVideoConfig();
  return (
    <AbsoluteFill style={{backgroundColor: 'black'}}>
      {work.scenes.map((scene, index) => {
        // A scene comes in over the end of the one before.
        const fade = index ? frames(scene.transition_in.duration_ms, fps) : 0;
        const from = frames(scene.start_ms, fps) - fade;
        return (
          <Sequence key={scene.file} from={from} durationInFrames={frames(scene.duration_ms, fps) + fade}>
            <Scene scene={scene} fade={fade} />
          </Sequence>
        );
      })}
      <Captions words={work.captions.words} />
      <Audio src={staticFile('mix.wav')} />
    </AbsoluteFill>
  );
};

const describe = ({props}) => {
  const {work} = props;
  const length = work.scenes.reduce((sum, scene) => sum + scene.duration_ms, 0);
  return {durationInFrames: frames(length, work.fps), fps: work.fps, width: work.width, height: work.height};
};

registerRoot(() => (
  <Composition id="work" component={Video} durationInFrames={1} fps={30} width={2} height={2} calculateMetadata={describe} />
));
