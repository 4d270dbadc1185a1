import { Box, type BoxProps } from 'ink';
import { memo } from 'react';
import type { Area } from '../store/layout.ts';
import type { Line } from '../store/line.ts';
import { useLook } from './look-context.ts';
import { type PaneFrame, placeWords } from './pane-frame.ts';
import { Row } from './row.tsx';

/** Framed draws lines within a border that has words in it. Ink draws the border: its width need not be measured. */
export function Framed({
  area,
  frame,
  lines,
}: {
  readonly area: Area;
  readonly frame: PaneFrame;
  readonly lines: readonly Line[];
}) {
  const { left, top, width, height } = area;
  return (
    <Box position="absolute" left={left} top={top} width={width} height={height}>
      <Border width={width} height={height} isFocused={frame.isFocused} isMarked={frame.isMarked} />
      <Box position="absolute" left={1} top={1} width={width - 2} height={height - 2} flexDirection="column">
        <Rows lines={lines} />
      </Box>
      {placeWords(frame, width, height).map(({ left: x, top: y, line }) => (
        <Box key={`${y} ${x === 1}`} position="absolute" left={x} top={y}>
          <Row line={line} />
        </Box>
      ))}
    </Box>
  );
}

/** Rows draws lines one under the other. */
export function Rows({ lines }: { readonly lines: readonly Line[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place.
  return lines.map((line, index) => <Row key={index} line={line} />);
}

type BorderProps = Pick<PaneFrame, 'isFocused' | 'isMarked'> & Pick<Area, 'width' | 'height'>;

const Border = memo(function Border({ width, height, isFocused, isMarked }: BorderProps) {
  const { isAscii } = useLook();
  const style = isAscii ? (isMarked ? asciiHeavy : asciiLight) : isMarked ? 'bold' : 'single';
  return (
    <Box
      position="absolute"
      width={width}
      height={height}
      borderStyle={style}
      {...(isFocused ? { borderColor: 'cyan' } : { borderDimColor: true })}
    />
  );
});

type BorderStyle = Exclude<BoxProps['borderStyle'], string | undefined>;

const asciiLight: BorderStyle = {
  topLeft: '+',
  top: '-',
  topRight: '+',
  right: '|',
  bottomRight: '+',
  bottom: '-',
  bottomLeft: '+',
  left: '|',
};
const asciiHeavy: BorderStyle = { ...asciiLight, top: '=', bottom: '=' };
