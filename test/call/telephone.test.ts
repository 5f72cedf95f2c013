/** Numbers as people give them: rather none than somebody else's. */
import { expect, it } from 'vitest';
import { countryOf } from '../../lambda/call/numbering-plan.ts';
import { telephoneOf } from '../../lambda/call/telephone.ts';

it.each([
  ['+91 98765-00011', '', '+919876500011'],
  ['0044 (20) 7946.0958', '91', '+442079460958'],
  ['919876500015', '', '+919876500015'],
  ['09876500011', '91', '+919876500011'],
  ['9876500011#', '91', '+919876500011'],
  ['919876500099', '91', '+919876500099'],
  ['9198765432', '91', '+919198765432'],
  ['12125550123', '1', '+12125550123'],
  ['2125550123', '1', '+12125550123'],
  ['011442071234567', '1', '+442071234567'],
  ['447946095812', '44', '+447946095812'],
  ['015112345678', '49', '+4915112345678'],
  ['0612345678', '39', '+390612345678'],
  ['390612345678', '39', '+390612345678'],
  ['6591234567', '65', '+6591234567'],
])('%s in the country "%s" is %s', (given, country, number) => {
  expect(telephoneOf(given, country)).toBe(number);
});

it.each([
  ['09876500011', ''],
  ['9876500012', ''],
  ['+09876500016', '91'],
  ['+9876', '91'],
  ['anonymous', '91'],
  ['98765', '91'],
  ['1900555123', '1'],
  ['#', '91'],
  ['', '91'],
  ['9198765000991234567', '91'],
])('%s in the country "%s" is none', (given, country) => {
  expect(telephoneOf(given, country)).toBeUndefined();
});

it.each([
  ['+919876500011', '91'],
  ['+12125550123', '1'],
  ['+971501234567', '971'],
  ['+882160000000', '882'],
  ['sip:asha@example.com', ''],
])('%s is of the country %s', (telephone, country) => {
  expect(countryOf(telephone)).toBe(country);
});
