#!lua
--[[
measure: keep a copy of the counters, so that what they gained since then can be told. One a period; the oldest of three goes.

KEYS
  stats            hash
ARGV
  period           ms between two copies
ANSWERS
  copied           now, to `stats:<n>`
  kept             this period has its copy
MAY BE SENT AGAIN  yes
]]

local COPIES = 3
local period = tonumber(ARGV[1])
local number = math.floor(NOW / period)
local copy = key('stats:' .. number % COPIES)
local before = tonumber(redis.call('HGET', copy, 'copied') or 0)
if math.floor(before / period) == number then return 'kept' end
redis.call('UNLINK', copy)
redis.call('COPY', KEYS[1], copy)
redis.call('HSET', copy, 'copied', NOW_TEXT)
redis.call('PEXPIRE', copy, period * COPIES)
return 'copied'
