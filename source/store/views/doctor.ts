import { type Finding, nameOf } from '../../operations/doctor/finding.ts';
import { isError } from '../../operations/finding.ts';
import { findFinding, reportOf } from '../doctor.ts';
import { lookAt } from '../explorer.ts';
import { formatCountOf } from '../format.ts';
import type { Span } from '../line.ts';
import { problemMark } from '../marks.ts';
import type { AppState } from '../state.ts';
import type { Level, PageItem, PageView } from '../view.ts';

/** doctorView is what is wrong with the Go set-up of this machine, and what was looked at. */
export const doctorView: PageView = {
  kind: 'page',
  id: 'doctor',
  crumb: () => 'doctor',
  // Before the cursor was moved Enter opens the first.
  list: (state) => (findFinding(state, undefined) === undefined ? undefined : 'doctor-finding'),
  command: (state, { cursor }) =>
    (cursor === undefined ? undefined : findFinding(state, cursor)?.repair[0]) ?? 'gocachetop doctor',
  enter: (_state, _level, id) => ({ view: 'doctor-finding', subject: id }),
  items(state, level) {
    const report = reportOf(state);
    if (report === undefined) return [{ kind: 'text', text: waitingWords(state, level), tone: 'quiet' }];
    const { findings, looks } = report;
    return [
      { kind: 'heading', text: answerWords(findings), right: '' },
      ...findings.flatMap((finding): readonly PageItem[] => [
        {
          kind: 'row',
          id: nameOf(finding),
          mark: markOf(finding),
          text: finding.about,
          right: finding.severity,
        },
        { kind: 'fact', name: '', value: finding.what },
      ]),
      { kind: 'gap' },
      { kind: 'heading', text: 'looked at', right: '' },
      ...looks.map(({ topic, what }): PageItem => ({ kind: 'fact', name: shortTopic(topic), value: what })),
    ];
  },
};

/** doctorFindingView is one finding: why it matters, and what puts it right. */
export const doctorFindingView: PageView = {
  kind: 'page',
  id: 'doctor-finding',
  crumb: (state, { subject }) => subject?.split(':')[0] ?? findFinding(state, undefined)?.code ?? '',
  command: (state, { subject, cursor }) =>
    cursor?.startsWith(repairPrefix) === true
      ? cursor.slice(repairPrefix.length)
      : findFinding(state, subject)?.repair[0],
  items(state, { subject }) {
    const finding = findFinding(state, subject);
    if (finding === undefined) {
      const text =
        reportOf(state) === undefined ? 'being looked at' : 'it is gone: nothing is wrong there any more';
      return [{ kind: 'text', text, tone: 'quiet' }];
    }
    const { severity, about, what, why, repair, fix } = finding;
    return [
      { kind: 'fact', name: severity, value: about, tone: severity === 'error' ? 'bad' : 'warning' },
      { kind: 'fact', name: 'what', value: what },
      { kind: 'fact', name: 'why', value: why },
      { kind: 'gap' },
      {
        kind: 'heading',
        text: repair.length > 1 ? 'repair, each alone is enough' : 'repair',
        right: 'y copies it',
      },
      ...repair.map(
        (command): PageItem => ({
          kind: 'row',
          id: `${repairPrefix}${command}`,
          mark: '$',
          text: command,
          right: '',
        }),
      ),
      { kind: 'gap' },
      {
        kind: 'text',
        text: fix === undefined ? 'only you can do this' : 'f does the first of them, after a question',
        tone: 'quiet',
      },
    ];
  },
};

const repairPrefix = 'repair ';

function waitingWords(state: AppState, level: Pick<Level, 'view' | 'subject'>): string {
  const looked = lookAt(state, level);
  return looked?.type === 'failed' ? looked.why : 'toolchain, settings, caches and disks are being looked at';
}

function answerWords(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing is wrong';
  const errors = findings.filter(isError).length;
  const warnings = findings.length - errors;
  return [
    ...(errors === 0 ? [] : [formatCountOf(errors, 'error')]),
    ...(warnings === 0 ? [] : [formatCountOf(warnings, 'warning')]),
  ].join(', ');
}

function markOf({ severity }: Finding): Span {
  return severity === 'error' ? { text: 'x', tone: 'bad' } : problemMark;
}

/** shortTopic: the column of names is as wide as GONOSUMDB. */
function shortTopic(topic: string): string {
  return topics[topic] ?? topic;
}

const topics: Readonly<Record<string, string>> = { 'C compiler': 'C', certificates: 'roots' };
