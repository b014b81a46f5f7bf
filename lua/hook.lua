#!lua flags=allow-oom
--[[
hook: keep a receiver of webhooks, remove it, disable it, or enable it again.

KEYS
  hooks            hash: the pipeline that delivers
ARGV
  act              add, remove, disable or enable
  id               of the receiver
  whose            add: tenant:<name>, or document:<id> where it is told of that document alone
  most             add: receivers that whose may have
  kept             add: ms that it is kept, or 0 for ever
  why              disable: for people
  pipeline         add: id of the pipeline that delivers, which is known by now
  fields...        add: field, value: url, secret, events, tenant
ANSWERS
  added            it is told from now on
  same             it was added before; nothing changed
  full             whose has as many as it may; nothing changed
  removed          it is told no more, or was not
  disabled         it is told nothing until it is enabled
  enabled          it is told again
  unknown          disable, enable: there is none
MAY BE SENT AGAIN  yes: what is so already stays so
]]

local act, id, whose, own = ARGV[1], ARGV[2], ARGV[3], hook_key(ARGV[2])
local acts = {}

function acts.add()
  if redis.call('EXISTS', own) == 1 then return 'same' end
  if redis.call('SCARD', hooks_key(whose)) >= tonumber(ARGV[4]) then return 'full' end
  redis.call('HSET', KEYS[1], 'pipeline', ARGV[7])
  redis.call('HSET', own, 'state', 'active', 'added', NOW_TEXT, 'whose', whose, unpack(ARGV, 8))
  redis.call('SADD', hooks_key(whose), id)
  if tonumber(ARGV[5]) > 0 then
    redis.call('PEXPIRE', own, ARGV[5])
    redis.call('PEXPIRE', hooks_key(whose), ARGV[5])
  end
  return 'added'
end

function acts.remove()
  local of = redis.call('HGET', own, 'whose')
  if of then redis.call('SREM', hooks_key(of), id) end
  redis.call('UNLINK', own, hook_key(id, 'deliveries'))
  return 'removed'
end

function acts.disable()
  if redis.call('EXISTS', own) == 0 then return 'unknown' end
  redis.call('HSET', own, 'state', 'disabled', 'why', ARGV[6])
  return 'disabled'
end

function acts.enable()
  if redis.call('EXISTS', own) == 0 then return 'unknown' end
  redis.call('HSET', own, 'state', 'active')
  redis.call('HDEL', own, 'why')
  return 'enabled'
end

return acts[act]()
