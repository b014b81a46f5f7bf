-- Make it seem that time has passed: every time that docmill keeps is moved back; the server's clock stays the one clock.
-- A time is a number of 13 digits, ms of the epoch: fences (µs, 16 digits) and places (fewer digits) are none. Of the few
-- times in µs the names of their fields are known.
-- What documents hold (their data, cached results, constants of pipelines) is theirs and stays.
--
-- ARGV  what every key begins with; ms
-- Answers how many keys there are.

local by = tonumber(ARGV[2])
local WORD = '%f[%w_.-]' .. string.rep('%d', 13) .. '%f[^%w_.-]'
local IN_MICROSECONDS = { paid = true }
local OWN_WORDS = { error = true, parameters = true, input = true, why = true }

local function earlier(time) return string.format('%d', tonumber(time) - by) end

local function move_zset(key)
  local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for at = 1, #entries, 2 do
    if string.find(entries[at + 1], '^%d%d%d%d%d%d%d%d%d%d%d%d%d$') or string.find(entries[at + 1], '^%d%d%d%d%d%d%d%d%d%d%d%d%d%.') then
      redis.call('ZINCRBY', key, -by, entries[at])
    end
  end
end

local function move_hash(key)
  local fields = redis.call('HGETALL', key)
  for at = 1, #fields, 2 do
    if IN_MICROSECONDS[fields[at]] then
      redis.call('HSET', key, fields[at], string.format('%d', tonumber(fields[at + 1]) - by * 1000))
    elseif not OWN_WORDS[string.match(fields[at], '[^.]*$')] then
      local moved, times = string.gsub(fields[at + 1], WORD, earlier)
      if times > 0 then redis.call('HSET', key, fields[at], moved) end
    end
  end
end

local function move_log(key)
  for at, line in ipairs(redis.call('LRANGE', key, 0, -1)) do
    redis.call('LSET', key, at - 1, (string.gsub(line, '^%d+', earlier)))
  end
end

local function move_runs(key)
  for at, line in ipairs(redis.call('LRANGE', key, 0, -1)) do redis.call('LSET', key, at - 1, (string.gsub(line, WORD, earlier))) end
end

local MOVE = { zset = move_zset, hash = move_hash }

local function is_kept(key)
  local name = string.sub(key, #ARGV[1] + 1)
  return string.find(name, ':data$') or string.find(name, '^ready:') or string.find(name, '^pipeline:') or string.find(name, '^cache:')
end

local all = redis.call('KEYS', ARGV[1] .. '*')
for _, key in ipairs(all) do
  local move = MOVE[redis.call('TYPE', key).ok]
  if string.find(key, ':log$') then move = move_log end
  if string.find(key, ':ran$') then move = move_runs end
  if move and not is_kept(key) then move(key) end
  local left = redis.call('PTTL', key)
  if left > 0 then redis.call('PEXPIRE', key, math.max(left - by, 1)) end
end
return #all
