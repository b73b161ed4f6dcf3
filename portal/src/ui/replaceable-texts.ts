import {
  type ComponentChild,
  type ComponentChildren,
  Fragment,
  h,
  options,
  type VNode,
} from 'preact';

/**
 * Puts every text into an element of its own, whose key is the text. A browser's translation replaces text nodes by
 * elements; a renderer that keeps the nodes would go on writing into those that are gone. So a text that changes is a new
 * element, and the old one goes with whatever a translation has put into it. Import it before anything is rendered.
 */
const before = options.vnode;
let wraps = false;
options.vnode = (vnode) => {
  before?.(vnode);
  if (wraps) return;
  wraps = true;
  replaceTexts(vnode);
  wraps = false;
};

function replaceTexts(vnode: VNode): void {
  const { type } = vnode;
  if (typeof type !== 'string' && type !== Fragment) return;
  const props = vnode.props as { children?: ComponentChildren };
  const { children } = props;
  // An option holds nothing but text, so it is the element that is replaced.
  if (type === 'option') vnode.key = `${children}`;
  else if (children !== undefined) props.children = withElements(children);
}

const withElements = (children: ComponentChildren): ComponentChildren =>
  Array.isArray(children) ? children.map(inElement) : inElement(children);

function inElement(child: ComponentChild, index = 0): ComponentChild {
  if (Array.isArray(child)) return withElements(child) as ComponentChild;
  if (typeof child === 'number' || (typeof child === 'string' && child !== ''))
    return h('span', { key: `${index} ${child}` }, child);
  return child;
}
