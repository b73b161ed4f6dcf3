import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';
import { t } from '../../i18n/index.ts';

/**
 * A QR code with a quiet zone of four modules (ISO/IEC 18004). It is drawn as elements: the content security policy
 * forbids markup from a string.
 */
export function QrCode({ text }: { readonly text: string }) {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: 4 });
    const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));
    return { size, path: dark.join('') };
  }, [text]);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t('account:totp.qr')}
      shape-rendering="crispEdges"
    >
      <rect class="qr__paper" width={size} height={size} />
      <path class="qr__ink" d={path} />
    </svg>
  );
}
