#!lua flags=allow-oom
--[[
pause: stop giving out the jobs of a lane, a pipeline or a tenant, or go on. What runs is not touched.

KEYS
  paused           hash: what is paused, since when
ARGV
  act              pause, or resume
  kind             lane, pipeline or tenant
  name             of it
  most             resume: how many of the jobs that were held come back in this call, at most
ANSWERS
  paused           it gives nothing from now on, or before
  resumed          it gives again, and all its jobs are in their lanes
  again            it gives again; more jobs are to come back: call once more, or sweep does it
MAY BE SENT AGAIN  yes
]]

local act, kind, name, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local function turn_lane()
  if act == 'pause' then
    redis.call('HSETNX', lane_key(name), 'paused', NOW_TEXT)
    redis.call('SADD', key('lanes'), name)
    return 'paused'
  end
  redis.call('HDEL', lane_key(name), 'paused')
  hint(name)
  return 'resumed'
end

local function turn(what)
  if act == 'pause' then
    redis.call('HSETNX', KEYS[1], what, NOW_TEXT)
    return 'paused'
  end
  redis.call('HDEL', KEYS[1], what)
  local _, all = release_some(what, most)
  return all and 'resumed' or 'again'
end

local word = kind == 'lane' and turn_lane() or kind ~= 'lane' and turn(kind .. ':' .. name)
flush()
return word
