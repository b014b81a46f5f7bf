#!lua
--[[
measure: keep a copy of the counters, so that what they gained since then can be told. One a period; the oldest of three goes.
Beside it a line a minute of what people look at, for an hour: totals, so that two lines tell of the time between them.

KEYS
  stats            hash
ARGV
  period           ms between two copies
  totals...        name, total: of this minute's line; none keeps no line
ANSWERS
  copied           now, to `stats:<n>`
  kept             this period has its copy
MAY BE SENT AGAIN  yes
]]

local MINUTE, HOUR = 60000, 61 -- ms; lines

local function keep_line(totals)
  local newest = redis.call('XREVRANGE', key('minutes'), '+', '-', 'COUNT', 1)[1]
  local minute = math.floor(NOW / MINUTE) * MINUTE
  if newest and tonumber(string.match(newest[1], '^%d+')) >= minute then return end
  redis.call('XADD', key('minutes'), 'MAXLEN', HOUR, string.format('%d-0', minute), 'at', NOW_TEXT, unpack(totals))
end

local COPIES = 3
local period = tonumber(ARGV[1])
if ARGV[2] then keep_line({ unpack(ARGV, 2) }) end
local number = math.floor(NOW / period)
local copy = key('stats:' .. number % COPIES)
local before = tonumber(redis.call('HGET', copy, 'copied') or 0)
if math.floor(before / period) == number then return 'kept' end
redis.call('UNLINK', copy)
redis.call('COPY', KEYS[1], copy)
redis.call('HSET', copy, 'copied', NOW_TEXT)
redis.call('PEXPIRE', copy, period * COPIES)
return 'copied'
