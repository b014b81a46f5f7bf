-- Step results by content. An entry owns what it holds: neither the end nor the purge of a document touches it.
-- @include states facts document

local caching = {}

caching.ENTRY_COST = 700 -- bytes that an entry takes besides its value: its keys, and its places in the indexes
caching.ABANDONED = 3600000 -- ms after which blobs that no entry took are deleted
caching.EVICTED_AT_ONCE = 20

-- Of each step the log says it once: a fan-out may have thousands of items. How many it was, the document's hash knows.
function caching.count(doc, own)
  count('cached:' .. doc.name .. ':' .. own.step)
  if redis.call('HINCRBY', doc.key, own.step .. '.cached', 1) == 1 then
    note(doc.id, own.job, 'cached', 'the same was done before, its result was kept')
  end
end

-- A retry from a step on means that what was kept is not believed: the steps that it runs again are really run.
function caching.set_anew(doc, from, modes)
  if not from then return redis.call('HDEL', doc.key, 'anew') end
  local whole = {}
  for step, mode in pairs(modes) do
    if mode == 'whole' then whole[#whole + 1] = step end
  end
  set(doc, 'anew', table.concat(whole, ' '))
end

function caching.blobs_are_gone_by(blobs, when) redis.call('ZADD', key('cache-gone'), when, blobs) end

-- An entry leaves; its blobs are deleted by whoever comes next to tidy.
function caching.drop(digest)
  local v = redis.call('HMGET', cache_key(digest), 'bytes', 'blobs')
  redis.call('ZREM', key('cache-used'), digest)
  redis.call('ZREM', key('cache-ends'), digest)
  if not v[1] then return end
  if v[2] then caching.blobs_are_gone_by(v[2], NOW) end
  redis.call('UNLINK', cache_key(digest))
  redis.call('HINCRBY', key('cache'), 'bytes', -v[1])
end

-- The longest unused leave until the rest fits, at most so many of them; returns whether it fits.
function caching.evict(most_bytes, most)
  local total = tonumber(redis.call('HGET', key('cache'), 'bytes') or 0)
  for _ = 1, most do
    if total <= most_bytes then return true end
    local oldest = redis.call('ZRANGE', key('cache-used'), 0, 0)[1]
    if not oldest then
      redis.call('HSET', key('cache'), 'bytes', 0)
      return true
    end
    caching.drop(oldest)
    total = tonumber(redis.call('HGET', key('cache'), 'bytes'))
  end
  return total <= most_bytes
end

-- What a document made or used is known while it may still be there: who has it forgotten wants that forgotten too.
function caching.belongs_to(id, digest, ends)
  redis.call('SADD', cached_key(id), digest)
  if redis.call('PTTL', cached_key(id)) < ends - NOW then redis.call('PEXPIREAT', cached_key(id), ends) end
end

-- Whether the cache may serve a document: it has not ended, and that step of it is not one that is to run anew.
function caching.is_open_to(id, step)
  local v = redis.call('HMGET', doc_key(id), 'status', 'anew')
  if not v[1] or FINAL_DOCUMENT[v[1]] then return false end
  return not (step and v[2] and string.find(' ' .. v[2] .. ' ', ' ' .. step .. ' ', 1, true))
end
