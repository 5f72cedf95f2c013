import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lambda/platform/names.ts';
import { SETTING_NAMES } from '../../lib/settings.ts';
import { ofType, type Resource, synthesize, textOf } from './synthesized.ts';

const template = await synthesize();
const mailing = await synthesize({ alarmEmail: 'duty@example.com' });
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties);
const names = alarms.map(alarm => String(alarm.AlarmName).replace('Switchboard-', ''));

describe('alarms and the runbook', () => {
  const sections = page('runbook.md').split(/^## /m).slice(1);

  test('each alarm has its section, each section its alarm', () => {
    expect(sections.map(section => section.slice(0, section.indexOf('\n'))).sort()).toEqual(
      [...names].sort(),
    );
  });

  test.each(sections)('a section says what it means, how to look and what to do: %#', section => {
    expect(section).toMatch(/^\*\*Means\.\*\*/m);
    expect(section).toMatch(/^\*\*Look\.\*\*\n```sh\n(aws|logs|metric|api|eval|for) /m);
    expect(section).toMatch(/^\*\*Do\.\*\*/m);
  });

  test.each(alarms)('$AlarmName names its section', ({ AlarmName, AlarmDescription }) => {
    expect(AlarmDescription).toContain(`docs/runbook.md#${AlarmName.replace('Switchboard-', '')}`);
  });

  test('silence is no alarm, except that of the sweeper', () => {
    const breaching = alarms.filter(alarm => alarm.TreatMissingData === 'breaching');
    expect(breaching.map(alarm => alarm.AlarmName)).toEqual(['Switchboard-sweeper-silent']);
  });

  test('no alarm searches, because CloudWatch refuses that', () => {
    expect(JSON.stringify(alarms)).not.toContain('SEARCH(');
  });

  test('our own metrics are watched over all queues together, under names that somebody emits', () => {
    const ours = alarms.flatMap(metricsOf).filter(metric => metric.Namespace === METRICS.namespace);
    const filtered = ofType(template, 'AWS::Logs::MetricFilter').map(
      ([, { Properties }]) => Properties.MetricTransformations[0].MetricName,
    );
    const emitted: string[] = [...Object.values(METRICS), ...filtered];
    expect(ours.length).toBeGreaterThan(5);
    for (const metric of ours) {
      expect(metric.Dimensions).toBeUndefined();
      expect(emitted).toContain(metric.MetricName);
    }
  });
});

describe('alarm mail', () => {
  test('without an address there is no topic', () => {
    expect(ofType(template, 'AWS::SNS::Topic')).toEqual([]);
    for (const alarm of alarms) expect(alarm.AlarmActions).toBeUndefined();
  });

  test('with an address every alarm goes there, and so does its end', () => {
    const [[topic] = []] = ofType(mailing, 'AWS::SNS::Topic');
    const [[, subscription] = []] = ofType(mailing, 'AWS::SNS::Subscription');
    expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'duty@example.com' });
    for (const [, { Properties }] of ofType(mailing, 'AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmActions.map(textOf)).toEqual([topic]);
      expect(Properties.OKActions.map(textOf)).toEqual([topic]);
    }
  });
});

describe('the dashboard', () => {
  const [[, dashboard] = []] = ofType(template, 'AWS::CloudWatch::Dashboard');
  const body = textOf(dashboard?.Properties.DashboardBody);
  const { widgets } = JSON.parse(body) as {
    widgets: { x: number; y: number; width: number; properties: { title: string } }[];
  };

  test.each(widgets.map(widget => widget.properties.title))('docs/dashboard.md explains "%s"', title => {
    expect(page('dashboard.md')).toContain(`**${title}**`);
  });

  test('rows fill the width', () => {
    const rows = rowsOf(widgets);
    for (const row of rows.values()) expect(row.reduce((sum, widget) => sum + widget.width, 0)).toBe(24);
    expect(rows.size).toBe(12);
  });

  test('every metric that the handlers emit is on it', () => {
    const subjects = ['namespace', 'dimension', 'assistantDimension', 'flowDimension'];
    for (const [key, name] of Object.entries(METRICS))
      if (!subjects.includes(key)) expect(body).toContain(name);
  });
});

describe('outputs', () => {
  const [[api] = []] = ofType(template, 'AWS::ApiGatewayV2::Api');
  const output = (name: string) => textOf(template.outputs[name]?.Value);

  test.each([
    ['AnswerUrl', '/answer'],
    ['HangupUrl', '/hangup'],
    ['FallbackUrl', '/fallback'],
  ])('%s is what to paste into Vobiz, but for the key', (name, path) => {
    expect(output(name)).toBe(`${api}.ApiEndpoint${path}?key=<WEBHOOK_KEY>`);
  });

  test.each([
    ['PrintVobizUrls', 'get-secret-value', 'WebhookKeySecret'],
    ['PrintApiKey', 'get-secret-value', 'ApiKeySecret'],
    ['SetVobizCredentials', 'put-secret-value', 'VobizSecret'],
    ['SetProviderKeys', 'put-secret-value', 'ProvidersSecret'],
  ])('%s is a command on the right secret', (name, verb, secret) => {
    expect(output(name)).toContain(
      `aws secretsmanager ${verb} --region AWS::Region --secret-id ${output(secret)} `,
    );
  });

  test.each(Object.entries(template.outputs))('%s says what it is', (_, { Description }) => {
    expect(Description.length).toBeGreaterThan(10);
  });
});

describe('docs/deploy.md', () => {
  const deploy = page('deploy.md');

  test.each(SETTING_NAMES)('explains the setting %s', name => {
    expect(deploy).toContain(`\`${name}\``);
  });

  test.each(Object.keys(template.outputs).filter(name => /^(Print|Set)/.test(name)))('uses %s', name => {
    expect(deploy).toContain(name);
  });

  test('says how many calls the throttle of streams lets in', () => {
    const stage = ofType(template, 'AWS::ApiGatewayV2::Stage').find(([id]) => id.startsWith('Streams'))?.[1];
    const { ThrottlingRateLimit: rate } = stage?.Properties.DefaultRouteSettings ?? {};
    expect(deploy).toContain(`| ${rate.toLocaleString('en-US')} / 50 | ${rate / 50} |`);
  });

  test('reckons with the alarms that there are', () => {
    expect(deploy).toContain(`${alarms.length} alarms over ${alarms.flatMap(metricsOf).length} metrics`);
  });
});

/** The metrics behind an alarm, whether it watches one or a formula. */
// biome-ignore lint/suspicious/noExplicitAny: properties of a template are JSON of any shape.
function metricsOf(alarm: Resource['Properties']): any[] {
  if (!alarm.Metrics) return [alarm];
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  return alarm.Metrics.flatMap((one: any) => (one.MetricStat ? [one.MetricStat.Metric] : []));
}

function rowsOf<T extends { y: number }>(widgets: T[]): Map<number, T[]> {
  const rows = new Map<number, T[]>();
  for (const widget of widgets) rows.set(widget.y, [...(rows.get(widget.y) ?? []), widget]);
  return rows;
}
