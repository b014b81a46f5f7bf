#!lua flags=allow-oom
--[[
schedule: keep a recurring submission, remove it, pause it, or go on. What it submitted before is not touched.

KEYS
  schedules        zset: every schedule; score = its next tick, or inf where it has none
ARGV
  act              set, remove, pause or resume
  name             of the schedule
  revision         set: a digest of the definition; remove: when it was added, ms
  next             set, resume: its next tick, ms, or inf; worked out by the caller from the server's clock
  replace          set: 1 where another definition of that name is to give way
  fields...        set: field, value: the definition
ANSWERS
  added            it is kept from now on
  same             this very definition is kept already; nothing changed
  differs          another one has the name; nothing changed
  changed          it took the other's place; what became of it so far, and whether it is paused, stays
  removed          it is not kept any more, or was not
  paused           it submits nothing from now on, or before
  resumed          it goes on with that tick, or was not paused
  unknown          pause, resume: there is no such schedule
MAY BE SENT AGAIN  yes: a definition that is kept is left alone, and one that was added later is not removed
]]

local act, name, revision, next_tick, replace = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
local own = schedule_key(name)
local kept, added, paused = unpack(redis.call('HMGET', own, 'revision', 'added', 'paused'))

local acts = {}

function acts.set()
  if kept == revision then return 'same' end
  if kept and not replace then return 'differs' end
  redis.call('HDEL', own, 'lanes', 'deadline', 'error')
  redis.call('HSET', own, 'revision', revision, 'added', NOW_TEXT, unpack(ARGV, 6))
  redis.call('ZADD', KEYS[1], paused and 'inf' or next_tick, name)
  return kept and 'changed' or 'added'
end

function acts.remove()
  if (added or '') == revision then
    redis.call('DEL', own, schedule_key(name, 'log'))
    redis.call('ZREM', KEYS[1], name)
  end
  return 'removed'
end

function acts.pause()
  if not kept then return 'unknown' end
  redis.call('HSETNX', own, 'paused', NOW_TEXT)
  redis.call('ZADD', KEYS[1], 'inf', name)
  return 'paused'
end

function acts.resume()
  if not kept then return 'unknown' end
  if paused then
    redis.call('HDEL', own, 'paused')
    redis.call('ZADD', KEYS[1], next_tick, name)
  end
  return 'resumed'
end

return acts[act]()
