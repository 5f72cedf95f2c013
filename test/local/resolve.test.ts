import { describe, expect, it } from 'vitest';
import { readStack } from '../../local/template/model.ts';
import { createResolver, type Template } from '../../local/template/resolve.ts';

const template: Template = {
  Parameters: { Colour: { Default: 'red' } },
  Resources: {
    Calls: { Type: 'AWS::DynamoDB::GlobalTable' },
    Key: { Type: 'AWS::SecretsManager::Secret' },
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    Socket: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
    Role: { Type: 'AWS::IAM::Role' },
  },
};
const addresses = {
  http: 'http://127.0.0.1:8000',
  socket: 'ws://127.0.0.1:8000',
  connections: 'http://127.0.0.1:9000',
};
const resolve = createResolver(template, addresses);
const inAws = (scheme: string) => ({
  'Fn::Join': [
    '',
    [scheme, '://', { Ref: 'Socket' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/x'],
  ],
});
const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Calls';

describe('an intrinsic function', () => {
  it.each([
    ['Ref of a table, its name', { Ref: 'Calls' }, 'Calls'],
    ['Ref of a secret, its ARN', { Ref: 'Key' }, 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Key'],
    ['Ref of a parameter, its default', { Ref: 'Colour' }, 'red'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Partition' }, 'aws'],
    ['GetAtt of an ARN', { 'Fn::GetAtt': ['Calls', 'Arn'] }, TABLE_ARN],
    ['GetAtt in one string', { 'Fn::GetAtt': 'Calls.Arn' }, TABLE_ARN],
    ['GetAtt of the API endpoint', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, 'http://127.0.0.1:8000'],
    ['GetAtt of the WebSocket endpoint', { 'Fn::GetAtt': ['Socket', 'ApiEndpoint'] }, 'ws://127.0.0.1:8000'],
    ['a socket address in AWS, by the one here', inAws('wss'), 'ws://127.0.0.1:8000/x'],
    ['a management address in AWS, by the one here', inAws('https'), 'http://127.0.0.1:9000/x'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Colour' }]] }, 'a/red'],
    ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Sub', { 'Fn::Sub': `\${Calls.Arn}|\${Colour}|\${!Literal}` }, `${TABLE_ARN}|red|\${Literal}`],
    ['Sub with own variables', { 'Fn::Sub': [`\${X}`, { X: { Ref: 'Colour' } }] }, 'red'],
    ['nesting', [{ a: { b: { Ref: 'Colour' } } }], [{ a: { b: 'red' } }]],
    ['NoValue, which leaves its place', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ])('is resolved: %s', (_, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('that is unknown is an error', () => {
    expect(() => resolve({ 'Fn::Cidr': [] })).toThrow(/Fn::Cidr/);
  });

  it('that refers to nothing is an error', () => {
    expect(() => resolve({ Ref: 'Nobody' })).toThrow(/Nobody/);
  });
});

describe('a template', () => {
  it('with a resource that the host cannot run stops the start', () => {
    const Resources = { Bucket: { Type: 'AWS::S3::Bucket' } };
    const assembly = { folder: '', assets: new Map(), template: { Resources } };
    expect(() => readStack(assembly, addresses)).toThrow(
      /Bucket of type AWS::S3::Bucket, which the local host cannot run/,
    );
  });
});
