import { typedNumber } from './typed-text.ts';

/**
 * Reads a national ID (first digit 1) or an Iqama number (first digit 2): ten digits, the last a Luhn check digit.
 * @returns the ten digits; undefined for any other text
 */
export function readNationalId(text: string): string | undefined {
  const typed = typedNumber(text);
  return /^[12]\d{9}$/.test(typed) && luhnSum(typed) % 10 === 0 ? typed : undefined;
}

function luhnSum(digits: string): number {
  return [...digits].reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

/** The mask under which an account shows its national ID: `1•••••• 12`. */
export const maskNationalId = (id: string): string => `${id.slice(0, 1)}•••••• ${id.slice(-2)}`;
