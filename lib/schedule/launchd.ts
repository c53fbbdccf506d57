import { type UnitOptions, unitRuns } from "./units.ts";

/** A start that failed at once is tried again after this long, not in a loop. */
const THROTTLE_S = 300;

/**
 * A launchd agent. StartCalendarInterval knows the Mac's own time zone only, so no calendar of launchd can follow an
 * exchange's; the agent keeps `deno task schedule` alive instead, which knows zone, holidays and half days.
 */
export function launchdPlist(options: UnitOptions): string {
  unitRuns(options);
  const log = `${options.project}/schedule.log`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!--
  Save as ~/Library/LaunchAgents/robo-trader.schedule.plist, then:
  launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/robo-trader.schedule.plist
  launchd's own calendar knows only this Mac's time zone, so the agent runs the schedule itself.
  A Mac that sleeps over the open misses it: keep it awake, or wake it with pmset.
-->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>robo-trader.schedule</string>
  <key>ProgramArguments</key>
  <array>
    <string>${xmlText(options.deno)}</string>
    <string>task</string>
    <string>schedule</string>
  </array>
  <key>WorkingDirectory</key>
  <string>${xmlText(options.project)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>${THROTTLE_S}</integer>
  <key>StandardOutPath</key>
  <string>${xmlText(log)}</string>
  <key>StandardErrorPath</key>
  <string>${xmlText(log)}</string>
</dict>
</plist>
`;
}

function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
