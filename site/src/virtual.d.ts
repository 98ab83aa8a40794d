// What site/build/site-plugin.js makes of site.json.

declare module 'virtual:texts' {
  type Texts = typeof import('./texts/en.js').texts;
  export const first: Texts;
  export const loaders: Readonly<Record<string, () => Promise<Texts>>>;
  export const labels: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>>;
}

declare module 'virtual:task-texts' {
  type TaskWords = typeof import('./texts/tasks/en.js').words;
  export const loaders: Readonly<Record<string, () => Promise<TaskWords>>>;
}

declare module 'virtual:video-texts' {
  type VideoWords = typeof import('./texts/video/en.js').words;
  export const loaders: Readonly<Record<string, () => Promise<VideoWords>>>;
}

declare module 'virtual:camera-texts' {
  type CameraWords = typeof import('./texts/camera/en.js').words;
  export const loaders: Readonly<Record<string, () => Promise<CameraWords>>>;
}

declare module 'virtual:help-texts' {
  type HelpWords = typeof import('./texts/help/en.js').words;
  export const loaders: Readonly<Record<string, () => Promise<HelpWords>>>;
}

declare module 'virtual:device-texts' {
  type DeviceWords = typeof import('./texts/device/en.js').words;
  export const loaders: Readonly<Record<string, () => Promise<DeviceWords>>>;
}

// What site/build/device.js makes of site/device/; bytes of all that is loaded.
declare module 'virtual:device' {
  export const device: Readonly<{ name: string; runtime: string; model: string; bytes: number }> | null;
}

declare module 'virtual:doors' {
  type Words = string | Readonly<Record<string, string>>;
  export const owners: Readonly<Record<string, Readonly<{ title?: Words; sentence?: Words; example?: string }>>>;
}

declare module 'virtual:site' {
  type Words = string | Readonly<Record<string, string>>;
  export const site: Readonly<{
    name: string;
    title: Words;
    tagline: Words;
    about: Words;
    links: readonly Readonly<{ text: Words; url: string }>[];
    start: Readonly<{ confidence?: number; iou?: number; hide?: readonly string[]; example?: string }>;
    engines?: readonly string[];
    examples: readonly Readonly<{ name: string; caption: Words; url: string; thumbnail: string }>[];
  }>;
}
