// Rosters of nobody: ID numbers right by the standard, of an area (999998) that was never assigned.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The n-th number: a day from 1940 on, a woman's order code, and the check character of GB 11643-1999. */
export function idNumber(n) {
  const two = (number) => String(number).padStart(2, '0');
  const day = `${1940 + (Math.trunc(n / 336) % 60)}${two((Math.trunc(n / 28) % 12) + 1)}${two((n % 28) + 1)}`;
  const first = `999998${day}${String(Math.trunc(n / 20_160) * 2 + 2).padStart(3, '0')}`;
  const sum = [...first].reduce((total, digit, at) => total + Number(digit) * WEIGHTS[at], 0);
  return first + '10X98765432'[sum % 11];
}

/** A roster as CSV: [name, n-th number, flat, spoil the number] of one building that no community has. */
export function roster(people) {
  const line = ([name, n, flat, spoil = (id) => id]) => `${name},${spoil(idNumber(n))},,91幢1单元${flat}`;
  return ['姓名,身份证号码,电话,地址', ...people.map(line)].join('\n');
}

/** On the roster's page: chooses a file that exists only here, instead of one chosen before. */
export async function chooseRoster(page, name, text) {
  const field = page.getByLabel(/选一个文件|Choose a file/);
  const other = page.getByRole('button', { name: /^(换一个文件|Choose another)$/ });
  await field.or(other).first().waitFor();
  if (await other.isVisible()) await other.click();
  await field.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}
